/**
 * Clients that do not behave: each {@link io.balsa.attack.Attack} makes requests that are legal but
 * larger, more or less well read than a server can bear without bounds.
 *
 * <p>The one idea: an attack is an ordinary client's traffic at one address, for a limited time,
 * and tells only how its requests ended. What became of the servers is for others to see. Touches
 * {@code bytes}, gRPC and the generated protocol; never the client that has our retry rules.
 *
 * <p>Start reading at {@link io.balsa.attack.Attack}, then {@code Assault}.
 */
@NullMarked
package io.balsa.attack;

import org.jspecify.annotations.NullMarked;
