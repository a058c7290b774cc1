/**
 * Chooses the servers for a request: read policies, the view of the leader, and the rules for a
 * retry.
 *
 * <p>The one idea: routing is a pure function of the request and the view of the cluster. A {@link
 * io.balsa.routing.Route} maps a kind of request and a {@link io.balsa.routing.ClusterView} to an
 * ordered list of servers. The {@link io.balsa.routing.RetryRule} maps a failure to the next step.
 * Nothing here does IO or reads a clock, so tests cover each case alone. The room uses {@code
 * bytes} alone.
 *
 * <p>Start reading at {@link io.balsa.routing.Route}.
 */
@NullMarked
package io.balsa.routing;

import org.jspecify.annotations.NullMarked;
