@echo off
rem Start Webhook Inspector from this checkout: make its environment, then open the window. Arguments are passed on.
setlocal
call "%~dp0python.cmd" || exit /b 3
%PYTHON_COMMAND% -S "%~dp0run.py" %*
exit /b %ERRORLEVEL%
