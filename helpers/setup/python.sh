# Prints the path of the Python that .venv is made of: $PYTHON, or the newest that fits and works.
# A pyenv shim can be on PATH and yet not run, so each one is asked; one that belongs to .venv
# names the Python that .venv was made of.
ask='import sys; where = getattr(sys, "_base_executable", sys.executable)
print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], where))'
seen=
try() {
  answer=$("$1" -c "$ask" 2>/dev/null) || { answer=; return 1; }
  case $answer in
    "3.11 "* | "3.12 "* | "3.13 "*) printf '%s\n' "${answer#* }" ;;
    *) seen="$seen $1 (${answer%% *})"; return 1 ;;
  esac
}

if [ -n "$PYTHON" ]; then
  try "$PYTHON" && exit 0
  [ -n "$answer" ] || seen=" $PYTHON, which does not run"
else
  for name in python3.13 python3.12 python3.11 python3 python; do
    try "$name" && exit 0
  done
fi
echo "Two Loops needs Python 3.11, 3.12 or 3.13; found${seen:- none}." >&2
echo "Install one, or name it: make lab PYTHON=/path/to/python3.12" >&2
exit 1
