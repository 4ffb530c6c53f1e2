/* SPDX-License-Identifier: MIT */
/* The section "## Activity Log" of a work package's prompt file. */
#ifndef SK_MISSION_ACTIVITY_H
#define SK_MISSION_ACTIVITY_H

#include "base/str.h"
#include "base/words.h"

/*
 * Append "- <entry>" to the section "## Activity Log" of *file, which is made
 * when there is none. Line ends within the entry become spaces.
 */
void sk_activity_add(struct sk_str *file, const char *entry);

/*
 * Append the words of an entry: "<time> - <agent> - shell_pid=<pid> - <note>"
 * with en dashes; NULL leaves `pid` out. The time is of whole seconds, with Z.
 * What is no UTF-8 becomes U+FFFD, line ends spaces, and white space at the end
 * goes, so that it is what is read of the file it is added to.
 */
void sk_activity_entry(struct sk_str *out, int64_t time_us, const char *agent,
		       const char *pid, const char *note);

/* How often the section has that entry. */
size_t sk_activity_count(const struct sk_str *file, const char *entry);

/*
 * Append to the section of *file the entries of that of `other` which it lacks
 * and which begin with one of `starts`. Returns how many.
 */
size_t sk_activity_follow(struct sk_str *file, const struct sk_str *other,
			  const struct sk_words *starts);

#endif
