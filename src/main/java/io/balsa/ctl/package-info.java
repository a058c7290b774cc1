/**
 * What the commands that talk to a cluster share: their options, the forms of their answers, the
 * texts of their failures, and the notes on a terminal.
 *
 * <p>The one idea: names, words and forms are those of etcdctl. The commands are in the rooms below
 * this one.
 *
 * <p>Start reading at {@link io.balsa.ctl.ClientOptions}.
 */
@NullMarked
package io.balsa.ctl;

import org.jspecify.annotations.NullMarked;
