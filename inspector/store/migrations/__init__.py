"""How the database's form came to be: one module a step, numbered, never changed once released.

The number of steps done is the file's `user_version`.
"""

from inspector.store.migrations import m0001_deliveries, m0002_recognition

MIGRATIONS = (m0001_deliveries.SQL, m0002_recognition.SQL)
