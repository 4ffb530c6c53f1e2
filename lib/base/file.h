/* SPDX-License-Identifier: MIT */
/*
 * Whole files, replaced atomically, and advisory locks between processes.
 */
#ifndef SK_BASE_FILE_H
#define SK_BASE_FILE_H

#include "base/err.h"
#include "base/str.h"

/*
 * Append the content of `path` to *out, at most `max` bytes.
 *
 * Returns 0; 1 when there is no such file; -1 with SK_EDATA when it is larger
 * than `max` or not a regular file, SK_EFAIL otherwise.
 */
int sk_file_read(struct sk_str *out, const char *path, size_t max,
		 struct sk_err *err) SK_NODISCARD;

/*
 * The same for a file that holds secrets: it must belong to this user and be
 * closed to group and others. Adds SK_EDATA with the chmod to run as a hint.
 */
int sk_file_read_secret(struct sk_str *out, const char *path, size_t max,
			struct sk_err *err) SK_NODISCARD;

/*
 * Replace `path` with these bytes: a temporary file in the same folder, synced,
 * then renamed over it, and the folder synced. Readers see the old or the new
 * content, never a part, also after the machine has gone down.
 * `mode` is that of the new file, whatever the umask. Returns 0 or -1.
 */
int sk_file_write(const char *path, const char *data, size_t len, mode_t mode,
		  struct sk_err *err) SK_NODISCARD;

/*
 * The same without syncing, for what can be made again: after the machine has
 * gone down the file may be empty or torn. Returns 0 or -1.
 */
int sk_file_write_unsynced(const char *path, const char *data, size_t len,
			   mode_t mode, struct sk_err *err) SK_NODISCARD;

/*
 * Remove what these two have left beside `path` when they were killed. Nobody
 * may be writing it meanwhile: for who holds the lock that it is written under.
 */
void sk_file_sweep(const char *path);

/*
 * Put the name of `path` on disk, which is there once its folder is. Where
 * folders cannot be synced there is nothing more to be done. Returns 0 or -1.
 */
int sk_file_sync_name(const char *path, struct sk_err *err) SK_NODISCARD;

/*
 * Whether `path` is `folder` or something in it, by their names; both absolute.
 * Nothing is in NULL.
 */
bool sk_path_is_inside(const char *path, const char *folder);

/* Make the folder and all above it that are missing, mode 0700. 0 or -1. */
int sk_mkdir_p(const char *path, struct sk_err *err) SK_NODISCARD;

/* The same for the folder that the file `path` lies in, or shall. 0 or -1. */
int sk_mkdir_for(const char *path, struct sk_err *err) SK_NODISCARD;

/*
 * Take the exclusive flock on `path`, a file made (0600) when absent and left
 * in place afterwards. Waits up to `wait_ms`, 0 = not at all. The lock goes
 * with the process, however it ends, and is not inherited through exec.
 *
 * Returns a descriptor for sk_unlock(); -1 with SK_EBUSY when another holds it.
 */
int sk_lock(const char *path, unsigned wait_ms,
	    struct sk_err *err) SK_NODISCARD;

/*
 * The same for a file that several users lock: `mode` is that of the file,
 * whatever the umask, once one whom it belongs to has locked it.
 */
int sk_lock_as(const char *path, mode_t mode, unsigned wait_ms,
	       struct sk_err *err) SK_NODISCARD;

/* Give the lock back. Accepts -1. */
void sk_unlock(int fd);

#endif
