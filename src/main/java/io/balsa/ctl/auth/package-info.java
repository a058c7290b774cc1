/**
 * The commands on users, roles and the state of authentication.
 *
 * <p>The one idea: each command is one or a few calls of the service Auth, with etcdctl's words and
 * forms. A password comes from the terminal without echo, from standard input or from the command
 * line; see {@link io.balsa.ctl.auth.PasswordInput}. Start reading at {@link
 * io.balsa.ctl.auth.UserCommand}.
 */
@NullMarked
package io.balsa.ctl.auth;

import org.jspecify.annotations.NullMarked;
