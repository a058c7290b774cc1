/**
 * Commands that talk to a cluster, with etcdctl's names and forms. Each parses its line, sends
 * requests by the client and prints the answers.
 *
 * <p>Start reading at {@link io.balsa.ctl.GetCommand}.
 */
@NullMarked
package io.balsa.ctl;

import org.jspecify.annotations.NullMarked;
