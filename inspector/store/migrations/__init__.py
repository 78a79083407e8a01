"""How the database's form came to be: one module a step, numbered, never changed once released.

The number of the last step done is the file's `user_version`.
"""

from inspector.store.migrations import m0001_deliveries, m0002_recognition, m0003_attempts

MIGRATIONS = {1: m0001_deliveries.SQL, 2: m0002_recognition.SQL, 3: m0003_attempts.SQL}
"""By their numbers, in order."""
