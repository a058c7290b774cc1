/**
 * The commands: parse the line, call another room's door, print what came back. No logic of its own
 * lives here; what a command does can be had without it.
 *
 * <p>Start reading at {@link io.balsa.cli.Main}.
 */
@NullMarked
package io.balsa.cli;

import org.jspecify.annotations.NullMarked;
