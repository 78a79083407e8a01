@echo off
rem Called by run and test. Sets PYTHON_COMMAND to the best CPython that runs here; the variable PYTHON is asked first.
rem A name proves nothing (Windows has a python that only opens the store), so each candidate is really started.
if defined PYTHON call :suits "%PYTHON%" && exit /b 0
for %%P in ("py -3.13" "python3.13" "py -3.12" "python3.12" "python3" "python") do (
    call :suits %%~P && exit /b 0
)
echo Webhook Inspector needs Python 3.13 or 3.12: get it from python.org or with "uv python install 3.13". 1>&2
exit /b 3

:suits
set PYTHON_COMMAND=%*
%PYTHON_COMMAND% -c "import sys, ssl, sqlite3; sys.exit(not ((3, 12) <= sys.version_info[:2] < (3, 14) and sys.implementation.name == 'cpython'))" >nul 2>&1
exit /b %ERRORLEVEL%
