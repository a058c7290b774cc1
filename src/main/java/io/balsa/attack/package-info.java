/**
 * Clients that overload a server. Each {@link io.balsa.attack.Attack} sends legal requests that are
 * too large or too many for a server without limits, or does not read the answers.
 *
 * <p>The one idea: an attack is client traffic to one address for a limited time, and reports only
 * how its requests ended. Other classes check the servers. Touches {@code bytes}, gRPC, gson and
 * the generated protocol; never our own client, which would retry.
 *
 * <p>Start reading at {@link io.balsa.attack.Attack}, then {@code AttackRun}.
 */
@NullMarked
package io.balsa.attack;

import org.jspecify.annotations.NullMarked;
