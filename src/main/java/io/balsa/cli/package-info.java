/**
 * The commands. Each parses its line, calls the entry point of another room and prints the result.
 * Other rooms offer every function without the command line.
 *
 * <p>Start reading at {@link io.balsa.cli.Main}.
 */
@NullMarked
package io.balsa.cli;

import org.jspecify.annotations.NullMarked;
