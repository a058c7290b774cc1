/**
 * Users, roles and permissions: who may do what.
 *
 * <p>The one idea: {@code AuthState} is a value that depends on the log alone, and {@code Judge}
 * judges every request by it, with one function for all ranges of keys. The store judges a command
 * when it applies it; a server judges a read by the state in force. Touches {@code bytes} and
 * {@code model}.
 *
 * <p>Start reading at {@code Judge}.
 */
@NullMarked
package io.balsa.auth;

import org.jspecify.annotations.NullMarked;
