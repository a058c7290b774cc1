/**
 * How a client proves who it is: passwords, and the tokens that stand for them.
 *
 * <p>The one idea: this room knows secrets and no permissions. It checks passwords, makes tokens
 * and reads tokens. Who may do what is decided by the room {@code auth}. No text of this room, and
 * no {@code toString}, holds a password, a hash or a token.
 *
 * <p>Start reading at {@link io.balsa.login.TokenScheme}.
 */
@NullMarked
package io.balsa.login;

import org.jspecify.annotations.NullMarked;
