CREATE TABLE IF NOT EXISTS body_upload_queue (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project_uuid TEXT NOT NULL, mission_slug TEXT NOT NULL,
	target_branch TEXT NOT NULL, mission_type TEXT NOT NULL,
	manifest_version TEXT NOT NULL, artifact_path TEXT NOT NULL,
	content_hash TEXT NOT NULL,
	hash_algorithm TEXT NOT NULL DEFAULT 'sha256',
	content_body TEXT NOT NULL, size_bytes INTEGER NOT NULL,
	retry_count INTEGER NOT NULL DEFAULT 0,
	next_attempt_at REAL NOT NULL DEFAULT 0.0,
	created_at REAL NOT NULL, last_error TEXT,
	UNIQUE(project_uuid, mission_slug, target_branch, mission_type,
		manifest_version, artifact_path, content_hash));
CREATE TABLE IF NOT EXISTS body_upload_failure_log (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project_uuid TEXT NOT NULL, mission_slug TEXT NOT NULL,
	target_branch TEXT NOT NULL, mission_type TEXT NOT NULL,
	manifest_version TEXT NOT NULL, artifact_path TEXT NOT NULL,
	content_hash TEXT NOT NULL,
	hash_algorithm TEXT NOT NULL DEFAULT 'sha256',
	size_bytes INTEGER NOT NULL, failure_reason TEXT NOT NULL,
	failure_count INTEGER NOT NULL DEFAULT 1,
	first_failed_at REAL NOT NULL, last_failed_at REAL NOT NULL,
	UNIQUE(project_uuid, mission_slug, target_branch, mission_type,
		manifest_version, artifact_path, content_hash, failure_reason));
INSERT INTO body_upload_queue(project_uuid, mission_slug, target_branch,
	mission_type, manifest_version, artifact_path, content_hash,
	content_body, size_bytes, created_at)
	VALUES('u', 'm', 'main', 'software-dev', '1', 'spec.md', 'h', 'b', 1,
		2.5);
INSERT INTO body_upload_failure_log(project_uuid, mission_slug, target_branch,
	mission_type, manifest_version, artifact_path, content_hash,
	size_bytes, failure_reason, first_failed_at, last_failed_at)
	VALUES('u', 'm', 'main', 'software-dev', '1', 'spec.md', 'h', 1,
		'too large', 1.5, 2.5);
