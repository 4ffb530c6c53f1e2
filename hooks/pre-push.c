/* SPDX-License-Identifier: MIT */
#include "front/hook.h"

int main(int argc, char **argv)
{
	return sk_hook_gate_push(argc, argv);
}
