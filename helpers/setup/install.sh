# Makes .venv and installs the lock into it: with uv where it works, else with venv and pip.
set -e
quiet=--quiet
[ ! -t 1 ] || quiet= # someone is watching
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
here=$(dirname "$0")
usable() { .venv/bin/python -c "$fits" 2>/dev/null; }

if uv --version >/dev/null 2>&1; then
  echo "Installing the course with uv into .venv (3 GB; a minute or a few)."
  if ! usable; then
    python=$(sh "$here/python.sh" 2>/dev/null) || python=${PYTHON:-3.12}
    uv venv --quiet --clear --seed --python "$python" .venv
  fi
  uv pip install $quiet --python .venv/bin/python -r requirements.txt
else
  echo "Installing the course with pip into .venv (3.5 GB; some minutes)."
  if ! usable || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(sh "$here/python.sh")
    "$python" -m venv --clear .venv
  fi
  .venv/bin/python -m pip install $quiet --disable-pip-version-check -r requirements.txt
fi
echo "Installed."
