/* SPDX-License-Identifier: MIT */
#include "format/yamlwrite.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

void sk_yaml_add_quoted(struct sk_str *out, const char *text)
{
	size_t len = strlen(text);
	uint32_t point;

	sk_str_putc(out, '"');
	for (size_t i = 0; i < len;) {
		size_t size = sk_utf8_decode(&point, text + i, len - i);

		if (size &&
		    (point < 0x20 || (point >= 0x7f && point < 0xa0) ||
		     point == 0x2028 || point == 0x2029 || point == 0xfeff))
			sk_str_addf(out, point == '\n' ? "\\n" : "\\u%04x",
				    (unsigned)point);
		else if (text[i] == '"' || text[i] == '\\')
			sk_str_addf(out, "\\%c", text[i]);
		else
			sk_str_add(out, text + i, size ? size : 1);
		i += size ? size : 1;
	}
	sk_str_putc(out, '"');
}

void sk_yaml_add_item(struct sk_str *out, const char *text)
{
	static const char *const words[] = {"null", "true", "false", "yes",
					    "no",   "on",   "off"};
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_./*?+@=~-";
	bool is_plain = (isalpha((unsigned char)*text) || *text == '_' ||
			 *text == '/' || (*text == '.' && text[1] == '/')) &&
			strspn(text, safe) == strlen(text);

	for (size_t i = 0; i < SK_COUNTOF(words); i++)
		is_plain = is_plain && strcasecmp(text, words[i]) != 0;
	if (is_plain)
		sk_str_puts(out, text);
	else
		sk_yaml_add_quoted(out, text);
}
