"""Our reading of Jenkinsfiles against Groovy's own: the same stages, order, steps and texts."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.delivery.jenkins import JenkinsfileError
from helpers.delivery.jenkins.model import Literal, Name, Text
from helpers.delivery.jenkins.parse import parse
from helpers.delivery.practice import practice_files
from helpers.exercises import find
from helpers.tools import tool

pytestmark = pytest.mark.needs_tool("groovy")
READER = Path(__file__).with_name("groovy_reads.groovy")


def pipeline(body, before=""):
    return f"pipeline {{\n agent any\n{before}\n stages {{\n{body}\n }}\n}}\n"


EVERYTHING = r"""
// every construct of the course's subset, in the forms that Groovy allows
pipeline {
  agent any
  environment { APP = 'shop'; TAG = "v${BUILD_NUMBER}" }
  options { timeout(time: 5, unit: 'MINUTES'); retry(2) }
  parameters {
    string(name: 'WHO', defaultValue: 'Mira', description: 'for whom')
    booleanParam(name: 'FAST', defaultValue: true)
    choice(name: 'WHERE', choices: ['north', 'south'])
  }
  stages {
    stage("All") {
      parallel {
        stage('Left') { steps { sh 'echo left' } }
        stage('Right') {
          options { retry(3) }
          steps { sh "echo ${APP} $TAG ${env.BUILD_NUMBER} \$HOME" }
          post { always { junit 'r.xml' }
                 unstable { echo 'hm' } }
        }
      }
    }
    stage('Files') {
      when { expression { env.BRANCH_NAME == 'main' && !(params.FAST == false) } }
      steps {
        dir('out') {
          sh(script: 'make all', label: 'Make')
          stash name: 's', includes: '*.txt'
        }
        unstash('s')
        sh '''
          one
          two 'three' \\ four
        '''
        archiveArtifacts artifacts: 'out/*', allowEmptyArchive: true
        withCredentials([string(credentialsId: 'a', variable: 'B')]) { sh 'echo \'$B\'' }
        echo message: 'ein Gruß\tan \u0041lle'
        sh \"""
          python -c "print('${params.WHO}')"
        \"""
      }
    }
  }
  post { failure { echo 'broken' } }
}
""".replace('\\"""', '"""')

FILES = {
    "practice": practice_files()["Jenkinsfile"],
    "everything": EVERYTHING,
    "exercise": find("13.5").run(find("13.5").solution),
    "one line": "pipeline { agent any; stages { stage('A') { steps { echo 'a' } } } }",
    "quotes": pipeline(
        """stage('it is "one"') { steps {
        sh "echo 'single' \\"double\\" \\\\"
        echo 'a \\'b\\' "c"'
        echo ""
        } }"""
    ),
    "comments": pipeline(
        "/* stage('No') { steps { echo 'no' } } */\n"
        "stage('Yes') { // { \n steps { echo '// in' }\n}"
    ),
}


def by_groovy(text, folder):
    """What Groovy says of a file: the list of stages and steps, or None where it refuses it."""
    path = folder / "Jenkinsfile"
    path.write_text(text, encoding="utf-8")
    # Debian's groovy does not find Java by itself on every machine.
    home = os.environ.get("JAVA_HOME") or str(Path(shutil.which("java")).resolve().parents[1])
    done = subprocess.run(
        [tool("groovy").find(), "--encoding", "UTF-8", str(READER), str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        encoding="utf-8",
        env=os.environ | {"JAVA_HOME": home, "JAVA_OPTS": "-Dfile.encoding=UTF-8"},
    )
    if done.returncode == 2:
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_us(text):
    """The same list from our own reading."""
    said = []

    def steps(calls):
        for call in calls:
            given = {} if call.name == "withCredentials" else call.given
            said.append([call.name, {key: worth(one) for key, one in given.items()}])
            steps(call.steps)

    def block(one):
        for stage in one.stages:
            said.append(["stage", stage.name])
            block(stage)
            steps(stage.steps)
            for calls in stage.post.values():
                steps(calls)

    made = parse(text)
    block(made)
    for calls in made.post.values():
        steps(calls)
    return said


def worth(one):
    if isinstance(one, Name):
        return f"<{one.path[-1]}>"
    if isinstance(one, Text):
        return "".join(worth(part) for part in one.parts)
    assert isinstance(one, Literal)
    return str(one.value).lower() if isinstance(one.value, bool) else str(one.value)


@pytest.mark.parametrize("name", FILES)
def test_stages_order_and_commands_are_those_that_groovy_reads(name, tmp_path):
    ours = by_us(FILES[name])
    assert ours == by_groovy(FILES[name], tmp_path)
    assert sum(kind == "stage" for kind, _ in ours) == len(
        re.findall(r"^[^/\n]*\bstage\(", FILES[name], re.MULTILINE)
    )


@pytest.mark.parametrize(
    "text",
    [
        FILES["practice"].replace("}", "", 1),
        FILES["practice"].replace("'ruff check .'", "'ruff check ."),
        FILES["practice"].replace("echo 'Ready", "ehco 'Ready"),
        pipeline("stage('A') { when { branch 'main' } steps { echo 'a' } }"),
    ],
    ids=["brace", "quote", "unknown step", "two directives on a line"],
)
def test_what_groovy_refuses_we_refuse(text, tmp_path):
    assert by_groovy(text, tmp_path) is None
    with pytest.raises(JenkinsfileError):
        parse(text)
