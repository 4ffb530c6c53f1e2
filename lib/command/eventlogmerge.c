/* SPDX-License-Identifier: MIT */
/*
 * git's merge driver for event logs, and for the status.json beside them: %O %A
 * %B %P %L. The answer takes the place of %A; 0 and 1 are what git wants for
 * merged and conflict, and whatever fails leaves %A as it was.
 */
#include "command/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "command/eventlog.h"
#include "git/moving.h"
#include "git/repo.h"
#include "guard/statusmerge.h"
#include "mission/logmerge.h"
#include "mission/snapshot.h"

/* What a shell takes as it is. */
#define SAFE                                                                   \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-"

/* More lines than these are not told one by one; no marker is longer. */
enum { TOLD_MAX = 5, MARKER_SIZE = 7, MARKER_MAX = 1000 };

/* The operands, what is in the files, and where we are. */
struct job {
	const char *base_file, *our_file, *their_file; /* %O, %A, %B */
	const char *name;			       /* %P */
	struct sk_str base, ours, theirs;
	unsigned marker_size;
	struct sk_repo *repo; /* NULL: in none, for `no_repo` */
	struct sk_err no_repo;
	enum sk_log_loss loss;
};

/* Take the place of %A at once, or not at all; git made it, and reads it. */
static int write_answer(const struct job *job, const struct sk_str *text,
			struct sk_err *err)
{
	struct stat st;

	if (stat(job->our_file, &st) < 0)
		return sk_fail_errno(err, errno, "cannot open '%s'",
				     job->our_file);
	return sk_file_write_unsynced(job->our_file, text->ptr, text->len,
				      st.st_mode & 07777, err);
}

static const char *side_of(const struct sk_log_note *note)
{
	return note->is_ours ? "ours" : "theirs";
}

/* One line about one note, in words. */
static void tell_one(const struct job *job, const struct sk_log_note *note)
{
	struct sk_str name = SK_STR_INIT;

	sk_log_note_add_name(&name, note);
	switch (note->kind) {
	case SK_LOG_NOTE_KEPT:
		sk_warn("'%s': %s lost event '%s', which is kept", job->name,
			side_of(note), name.ptr);
		break;
	case SK_LOG_NOTE_DROPPED:
		sk_warn("'%s': a line that cannot be read is out, as %s has"
			" it: '%s'",
			job->name, side_of(note), name.ptr);
		break;
	case SK_LOG_NOTE_CONFLICT:
		sk_warn("'%s': line %zu: event '%s' was changed on both sides",
			job->name, note->number, name.ptr);
		break;
	case SK_LOG_NOTE_UNREADABLE:
		sk_warn("'%s': line %zu cannot be read, and is kept: '%s'",
			job->name, note->number, name.ptr);
		break;
	}
	sk_str_free(&name);
}

/* That a change takes rows out is what it is for. */
static bool is_told(const struct sk_log_note *note)
{
	return note->kind != SK_LOG_NOTE_DROPPED || !note->is_row;
}

/* What was kept, left out, and is to be looked at; each kind on its own. */
static void tell(const struct job *job, const struct sk_log_merged *merged)
{
	static const enum sk_log_note_kind kinds[] = {
		SK_LOG_NOTE_DROPPED, SK_LOG_NOTE_UNREADABLE, SK_LOG_NOTE_KEPT,
		SK_LOG_NOTE_CONFLICT};

	for (size_t kind = 0; kind < SK_COUNTOF(kinds); kind++) {
		size_t count = 0;

		for (size_t i = 0; i < merged->note_count; i++) {
			const struct sk_log_note *note = &merged->notes[i];

			if (note->kind != kinds[kind] || !is_told(note))
				continue;
			if (count++ < TOLD_MAX)
				tell_one(job, note);
		}
		if (count > TOLD_MAX)
			sk_warn("'%s': and so %zu more", job->name,
				count - TOLD_MAX);
	}
}

static int merge_log(const struct job *job, struct sk_err *err)
{
	struct sk_log_merged merged = SK_LOG_MERGED_INIT;
	const struct sk_log_merge in = {
		.base = {job->base.ptr, job->base.len},
		.ours = {job->ours.ptr, job->ours.len},
		.theirs = {job->theirs.ptr, job->theirs.len},
		.loss = job->loss,
		.marker_size = job->marker_size,
	};
	int ret = sk_log_merge(&merged, &in);

	if (write_answer(job, &merged.text, err) < 0) {
		ret = -1;
	} else {
		tell(job, &merged);
		if (ret)
			sk_advise("keep one of each in '%s', then run 'git add'"
				  " on it",
				  job->name);
	}
	sk_log_merged_free(&merged);
	return ret;
}

static void add_marker(struct sk_str *out, const struct job *job, char mark,
		       const char *label)
{
	if (out->len && out->ptr[out->len - 1] != '\n')
		sk_str_putc(out, '\n');
	for (unsigned i = 0; i < job->marker_size; i++)
		sk_str_putc(out, mark);
	sk_str_addf(out, "%s\n", label);
}

/* A path as a shell takes it. */
static void add_path(struct sk_str *out, const char *path)
{
	if (path[strspn(path, SAFE)])
		sk_str_add_quoted(out, path);
	else
		sk_str_puts(out, path);
}

/* What to type, in the top folder, when the log is merged. */
static void advise_reduce(const struct job *job)
{
	size_t folder = strlen(job->name) - strlen(SK_SNAPSHOT_NAME);
	struct sk_str log = SK_STR_INIT, text = SK_STR_INIT;

	sk_str_add(&log, job->name, folder);
	sk_str_puts(&log, SK_EVENT_LOG_NAME);
	sk_str_puts(&text, "git sk-eventlog reduce ");
	add_path(&text, log.ptr);
	sk_str_puts(&text, " >");
	add_path(&text, job->name);
	sk_advise("when the event log is merged, run '%s' in the top folder",
		  text.ptr);
	sk_str_free(&text);
	sk_str_free(&log);
}

/* Both, whole: no part of either says anything about the merge. */
static int refuse_status(const struct job *job, const char *why,
			 struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT;
	int rc;

	add_marker(&text, job, '<', " ours");
	sk_str_add(&text, job->ours.ptr, job->ours.len);
	add_marker(&text, job, '=', "");
	sk_str_add(&text, job->theirs.ptr, job->theirs.len);
	add_marker(&text, job, '>', " theirs");
	rc = write_answer(job, &text, err);
	if (rc == 0) {
		sk_warn("'%s' is not made anew: %s", job->name, why);
		advise_reduce(job);
	}
	sk_str_free(&text);
	return rc < 0 ? -1 : 1;
}

static int merge_status(const struct job *job, struct sk_err *err)
{
	const struct sk_status_merge in = {
		.path = job->name,
		.base = job->base_file,
		.ours = job->our_file,
		.theirs = job->their_file,
		.loss = job->loss,
	};
	struct sk_str text = SK_STR_INIT, why = SK_STR_INIT;
	struct sk_err failed = {0};
	int ret = 1;

	if (!job->repo)
		sk_str_puts(&why, job->no_repo.msg);
	else
		ret = sk_status_merge(&text, &why, job->repo, &in, &failed);
	if (ret < 0)
		sk_str_puts(&why, failed.msg);
	if (ret == 0)
		ret = write_answer(job, &text, err);
	else
		ret = refuse_status(job, why.ptr, err);
	sk_str_free(&why);
	sk_str_free(&text);
	return ret;
}

static bool is_status(const char *name)
{
	const char *slash = strrchr(name, '/');

	return strcmp(slash ? slash + 1 : name, SK_SNAPSHOT_NAME) == 0;
}

/* Where we are; outside of a repository nothing is moved. */
static void look_around(struct job *job)
{
	if (sk_repo_open(&job->repo, &job->no_repo) < 0)
		job->repo = NULL;
	else if (sk_git_moves_change(sk_repo_git_dir(job->repo)))
		job->loss = SK_LOG_LOSS_DROP;
}

static int read_marker_size(unsigned *out, const char *text, struct sk_err *err)
{
	char *end;
	unsigned long size;

	errno = 0;
	size = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || !size ||
	    size > MARKER_MAX)
		return sk_fail(err, SK_EUSAGE,
			       "'%.40s' is not the size of a marker", text);
	*out = (unsigned)size;
	return 0;
}

static int run(void *values, int argc, char **argv, struct sk_err *err)
{
	struct job job = {.base = SK_STR_INIT,
			  .ours = SK_STR_INIT,
			  .theirs = SK_STR_INIT,
			  .marker_size = MARKER_SIZE,
			  .loss = SK_LOG_LOSS_KEEP};
	int ret = -1;

	(void)values;
	if (argc < 4)
		return sk_fail(err, SK_EUSAGE, "which files, and what for?");
	if (argc > 4 && read_marker_size(&job.marker_size, argv[4], err) < 0)
		return -1;
	job.base_file = argv[0];
	job.our_file = argv[1];
	job.their_file = argv[2];
	job.name = argv[3];
	if (sk_eventlog_bytes(&job.base, job.base_file, err) < 0 ||
	    sk_eventlog_bytes(&job.ours, job.our_file, err) < 0 ||
	    sk_eventlog_bytes(&job.theirs, job.their_file, err) < 0)
		goto out;
	look_around(&job);
	ret = is_status(job.name) ? merge_status(&job, err)
				  : merge_log(&job, err);
out:
	if (ret < 0)
		sk_within(err, "'%.200s' is not merged", job.name);
	sk_repo_close(job.repo);
	sk_str_free(&job.base);
	sk_str_free(&job.ours);
	sk_str_free(&job.theirs);
	return ret;
}

const struct sk_cmd sk_cmd_eventlog_merge = {
	.name = "merge",
	.operands = "<base> <ours> <theirs> <path> [<marker size>]",
	.summary = "Merge two versions of an event log, for git.",
	.max_operands = 5,
	.run = run,
};
