@echo off
rem Check this checkout: make its environment with the test tools, then lint, types, import contracts and all tests.
rem Arguments are passed on to pytest.
setlocal
call "%~dp0python.cmd" || exit /b 3
%PYTHON_COMMAND% -S "%~dp0checks.py" %*
exit /b %ERRORLEVEL%
