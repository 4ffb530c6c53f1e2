/* SPDX-License-Identifier: MIT */
/* The least a hook can cost: linked statically, it does nothing. */
int main(void)
{
	return 0;
}
