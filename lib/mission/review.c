/* SPDX-License-Identifier: MIT */
#include "mission/review.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mission/frontmatter.h"

#define REVIEW_BEGIN "review-cycle-"
#define REVIEW_END   ".md"

/* Its id, or the name of its file without the end. */
bool sk_review_is_folder(const char *name, const char *wp_id)
{
	size_t len = strlen(wp_id);

	return strncmp(name, wp_id, len) == 0 &&
	       (!name[len] || strchr("-_.", name[len]));
}

/* The N of a file's name; 0 for a file that is no review. */
static unsigned long number_of(const char *name)
{
	const char *digits = name + strlen(REVIEW_BEGIN);
	unsigned long number;
	char *end;

	if (strncmp(name, REVIEW_BEGIN, strlen(REVIEW_BEGIN)) != 0 ||
	    *digits < '1' || *digits > '9')
		return 0;
	errno = 0;
	number = strtoul(digits, &end, 10);
	return errno == 0 && strcmp(end, REVIEW_END) == 0 ? number : 0;
}

bool sk_review_keep(struct sk_review *newest, const char *folder,
		    const char *name)
{
	unsigned long number = number_of(name);

	if (!number || number < newest->number ||
	    (number == newest->number &&
	     strcmp(folder, newest->folder.ptr) <= 0))
		return false;
	newest->number = number;
	sk_str_set(&newest->folder, folder);
	return true;
}

void sk_review_free(struct sk_review *review)
{
	sk_str_free(&review->folder);
	review->number = 0;
}

void sk_review_add_path(struct sk_str *out, const struct sk_review *review)
{
	sk_str_addf(out, "%s/" REVIEW_BEGIN "%lu" REVIEW_END,
		    review->folder.ptr, review->number);
}

/* An override is a few lines put into the file, or the verdict itself. */
static bool is_overridden(const char *data, size_t len)
{
	static const char key[] = "\nreview_artifact_override_";

	return memmem(data, len, key, sizeof(key) - 1) != NULL;
}

int sk_review_read(enum sk_verdict *out, const char *data, size_t len,
		   struct sk_err *err)
{
	struct sk_wp front = {0};
	const char *verdict = NULL;
	int rc;

	*out = SK_VERDICT_PASSED;
	if (is_overridden(data, len))
		return 0;
	*out = SK_VERDICT_NONE;
	rc = sk_wp_read(&front, data, len, err);
	if (rc == 0)
		verdict = sk_form_get_text(front.form, "verdict");
	if (verdict && *verdict)
		*out = strcmp(verdict, "rejected") == 0 ? SK_VERDICT_REJECTED
							: SK_VERDICT_PASSED;
	sk_wp_free(&front);
	return rc < 0 ? -1 : 0;
}
