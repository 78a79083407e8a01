"""The form for handlers is imported before it is asked for, without the window waiting."""

import subprocess
import sys

PROGRAM = """
import sys, threading, time
sys.setswitchinterval(0.0005)
from PySide6.QtCore import QCoreApplication, QTimer
from inspector.gui.soon import SOON, Soon
application = QCoreApplication([])
soon = Soon(application)
assert not [name for name in SOON if name in sys.modules]
soon.begin()
timer = QTimer()
timer.timeout.connect(lambda: all(name in sys.modules for name in SOON) and soon.end() is None and application.quit())
timer.start(1)
assert application.exec() == 0
assert not [each for each in threading.enumerate() if each.name == "soon"]
print("imported")
"""


def test_the_form_is_imported_in_a_thread_that_ends() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("imported", "")
