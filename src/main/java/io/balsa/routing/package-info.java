/**
 * Where a request goes: read policies, knowledge of the leader, and what may be tried again.
 *
 * <p>The one idea: routing is a function of what is asked and what is known. {@link
 * io.balsa.routing.Route} maps a request and a {@link io.balsa.routing.ClusterView} to an ordered
 * list of targets, {@link io.balsa.routing.RetryRule} a failure to what comes next; nothing here
 * does IO or reads a clock, so every case is tested by itself. Touches {@code bytes} alone.
 *
 * <p>Start reading at {@link io.balsa.routing.Route}.
 */
@NullMarked
package io.balsa.routing;

import org.jspecify.annotations.NullMarked;
