-- Between the end of a scan and a retry of what failed nothing is done.
ALTER TABLE scan ADD COLUMN idle_ms INTEGER NOT NULL DEFAULT 0;
