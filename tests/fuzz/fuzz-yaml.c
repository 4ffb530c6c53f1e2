/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "format/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Any bytes: whether the document can be read does not depend on the path, and
 * a value is a text without NUL.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sk_str out = SK_STR_INIT;
	const char *text = (const char *)data;
	struct sk_err err = {0};
	int none = sk_yaml_get(&out, text, size, "", &err);
	int rc = sk_yaml_get(&out, text, size, "project.uuid", &err);
	struct sk_form *form = NULL;

	/* who reads all of it takes no more than who looks for one value */
	if (sk_yaml_read(&form, text, size, &err) == 0 && none < 0)
		abort();
	sk_form_free(form);
	if (none == 0 || (none < 0 && rc >= 0) || strlen(out.ptr) != out.len)
		abort();
	if (rc < 0 && (err.code != SK_EDATA || !err.msg[0]))
		abort();
	sk_str_free(&out);
	return 0;
}
