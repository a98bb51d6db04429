// Runs a declarative Jenkinsfile as the Groovy program it is, and prints what it says: each stage
// where it begins, and each step with its arguments, in the order in which they stand. Nothing is
// done. A name that has no meaning in the course's subset is an error, as in Jenkins.
import groovy.json.JsonOutput

class Stop extends RuntimeException { Stop(String m) { super(m) } }

class Listener {
  static List said = []
  static Set variables = ['BRANCH_NAME', 'BUILD_NUMBER', 'WORKSPACE'] as Set
  static List directives = ['agent', 'environment', 'options', 'parameters', 'when', 'post']
  static List blocks = ['pipeline', 'stages', 'steps', 'parallel', 'always', 'success', 'failure',
                        'unstable']
  static List steps = ['sh', 'echo', 'dir', 'stash', 'unstash', 'archiveArtifacts', 'junit',
                       'withCredentials']

  def inside(Closure block, Object to) {
    block.delegate = to
    block.resolveStrategy = Closure.DELEGATE_FIRST
    block.call()
  }

  def methodMissing(String name, given) {
    def arguments = given as List
    def block = arguments && arguments[-1] instanceof Closure ? arguments.pop() : null
    if (name == 'stage') { said << ['stage', arguments[0].toString()]; return inside(block, this) }
    if (name == 'agent') return null
    if (name in ['environment']) return inside(block, new Variables())
    if (name in ['options', 'parameters', 'when']) return inside(block, new Silent())
    if (name in blocks || name == 'post') return inside(block, this)
    if (name in ['string']) return null
    if (!(name in steps)) throw new Stop("unknown: $name")
    def plain = arguments && arguments[0] instanceof Map ? arguments[0] : ['': arguments[0]]
    if (name != 'withCredentials')
      said << [name, plain.collectEntries { k, v -> [k.toString(), v.toString()] }]
    else said << [name, [:]]
    if (block) inside(block, this)
  }

  def propertyMissing(String name) {
    if (name == 'any') return 'any'
    if (name in ['env', 'params']) return new Values()
    return '<' + name + '>'
  }
}

class Values { def propertyMissing(String name) { '<' + name + '>' } }

class Variables {
  void setProperty(String name, Object worth) { }
  def propertyMissing(String name) { '<' + name + '>' }
}

class Silent { def methodMissing(String name, given) { null } }

abstract class Recording extends Script {
  def pipeline(Closure block) { def one = new Listener(); one.inside(block, one) }
}

def settings = new org.codehaus.groovy.control.CompilerConfiguration(scriptBaseClass: Recording.name)
try {
  new GroovyShell(this.class.classLoader, new Binding(), settings).evaluate(new File(args[0]))
  println JsonOutput.toJson(Listener.said)
} catch (org.codehaus.groovy.control.CompilationFailedException | Stop | NullPointerException error) {
  System.err.println(error.message)
  System.exit(2)
}
