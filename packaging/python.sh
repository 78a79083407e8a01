# Sourced by run and test. Sets $python to what can start them: the environment's own interpreter once it is made,
# else the best CPython that runs here. A name on the path proves nothing (pyenv leaves commands that only print an
# error), so each candidate is really started. $PYTHON is asked first, when the environment is made.

suits() {
    "$1" -c 'import sys, ssl, sqlite3
sys.exit(not ((3, 12) <= sys.version_info[:2] < (3, 14) and sys.implementation.name == "cpython"))' >/dev/null 2>&1
}

find_python() {
    for version in 3.13 3.12; do
        for python in "${VIRTUAL_ENV:+$VIRTUAL_ENV/bin/python}" "python$version" \
            "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python \
            "$(uv python find --no-python-downloads "$version" 2>/dev/null)"; do
            [ -n "$python" ] && suits "$python" && return
        done
    done
    for python in python3 python; do
        suits "$python" && return
    done
    echo "Webhook Inspector needs Python 3.13 or 3.12: get it from your system's packages, from python.org, or with 'uv python install 3.13'." >&2
    exit 3
}

python=$root/.venv/bin/python
if ! { [ -x "$python" ] && [ -f "$root/.venv/made-from" ]; }; then
    python=${PYTHON:-}
    if [ -n "$python" ] && ! suits "$python"; then
        echo "PYTHON=$python is not a working CPython 3.13 or 3.12; looking for another." >&2
        python=
    fi
    [ -n "$python" ] || find_python
fi
