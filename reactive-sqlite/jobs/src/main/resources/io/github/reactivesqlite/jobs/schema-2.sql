CREATE INDEX jobs_job_outcome ON jobs_job (queue, state)
  WHERE finished_at IS NOT NULL;
