/* SPDX-License-Identifier: MIT */
#include "front/hook.h"

int main(int argc, char **argv)
{
	sk_hook_after_merge(argc, argv);
	return sk_hook_watch("post-merge", argc, argv);
}
