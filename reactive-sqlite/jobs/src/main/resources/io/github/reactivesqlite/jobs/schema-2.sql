CREATE INDEX jobs_job_outcome ON jobs_job (queue, state)
  WHERE finished_at IS NOT NULL;

CREATE INDEX jobs_job_later ON jobs_job (queue, state)
  WHERE state IN ('scheduled', 'retryable');

CREATE INDEX jobs_job_discarded ON jobs_job (unique_key)
  WHERE unique_key IS NOT NULL AND state = 'discarded';
