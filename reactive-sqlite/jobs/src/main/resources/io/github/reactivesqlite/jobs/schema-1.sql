CREATE TABLE jobs_job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue TEXT NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('available', 'scheduled', 'running', 'retryable', 'completed', 'cancelled', 'discarded')),
  priority INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  delay_ms INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  token INTEGER,
  heartbeat INTEGER NOT NULL DEFAULT 0,
  lease_ms INTEGER,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  enqueued_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  worker TEXT,
  unique_key TEXT,
  group_key TEXT,
  progress REAL,
  progress_note TEXT,
  error TEXT,
  payload TEXT NOT NULL
);

CREATE INDEX jobs_job_claim ON jobs_job (queue, priority DESC, run_at, id, type)
  WHERE state = 'available';

CREATE INDEX jobs_job_waiting ON jobs_job (run_at)
  WHERE state IN ('scheduled', 'retryable');

CREATE INDEX jobs_job_running ON jobs_job (queue, group_key)
  WHERE state = 'running';

CREATE INDEX jobs_job_finished ON jobs_job (finished_at)
  WHERE finished_at IS NOT NULL;

CREATE UNIQUE INDEX jobs_job_unique ON jobs_job (unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('available', 'scheduled', 'running', 'retryable');

CREATE TABLE jobs_pause (
  queue TEXT NOT NULL,
  holder TEXT NOT NULL,
  safety_ms INTEGER,
  since INTEGER NOT NULL,
  PRIMARY KEY (queue, holder)
);

CREATE TABLE jobs_recurring (
  name TEXT PRIMARY KEY,
  queue TEXT NOT NULL,
  type TEXT NOT NULL,
  payload TEXT NOT NULL,
  priority INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  group_key TEXT,
  schedule TEXT NOT NULL,
  zone TEXT NOT NULL,
  next_run_at INTEGER NOT NULL,
  last_job_id INTEGER
);
