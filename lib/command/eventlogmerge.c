/* SPDX-License-Identifier: MIT */
/*
 * git's merge driver for event logs: %O %A %B %P %L. The answer takes the place
 * of %A; 0 and 1 are what git wants for merged and conflict, and whatever fails
 * leaves %A as it was.
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
#include "mission/logmerge.h"

/* More lines than these are not told one by one; no marker is longer. */
enum { TOLD_MAX = 5, MARKER_MAX = 1000 };

/* The operands, and what is in the files. */
struct job {
	const char *answer; /* %A */
	const char *name;   /* %P */
	struct sk_str base, ours, theirs;
	unsigned marker_size;
	bool moves_change;
};

/* Take the place of %A at once, or not at all; git made it, and reads it. */
static int write_answer(const struct job *job, const struct sk_str *text,
			struct sk_err *err)
{
	struct stat st;

	if (stat(job->answer, &st) < 0)
		return sk_fail_errno(err, errno, "cannot open '%s'",
				     job->answer);
	return sk_file_write_unsynced(job->answer, text->ptr, text->len,
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
		.loss = job->moves_change ? SK_LOG_LOSS_DROP : SK_LOG_LOSS_KEEP,
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

/* Whose merge it is; outside of a repository there is nothing that moves. */
static bool moves_change(void)
{
	struct sk_repo *repo = NULL;
	struct sk_err ignored = {0};
	bool moves = sk_repo_open(&repo, &ignored) == 0 &&
		     sk_git_moves_change(sk_repo_git_dir(repo));

	sk_repo_close(repo);
	return moves;
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
			  .theirs = SK_STR_INIT};
	int ret = -1;

	(void)values;
	if (argc < 4)
		return sk_fail(err, SK_EUSAGE, "which files, and what for?");
	if (argc > 4 && read_marker_size(&job.marker_size, argv[4], err) < 0)
		return -1;
	job.answer = argv[1];
	job.name = argv[3];
	if (sk_eventlog_bytes(&job.base, argv[0], err) < 0 ||
	    sk_eventlog_bytes(&job.ours, argv[1], err) < 0 ||
	    sk_eventlog_bytes(&job.theirs, argv[2], err) < 0)
		goto out;
	job.moves_change = moves_change();
	ret = merge_log(&job, err);
out:
	if (ret < 0)
		sk_within(err, "'%.200s' is not merged", job.name);
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
