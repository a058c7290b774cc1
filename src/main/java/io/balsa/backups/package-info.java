/**
 * Backups of a store: a consistent checkpoint of its files, and the single file that a client
 * saves.
 *
 * <p>The one idea: a backup is made from a checkpoint, so that writes go on. Its file ends with a
 * checksum over all of it. Touches {@code wire} and the disk of {@code host}.
 *
 * <p>Start reading at {@code Backup}.
 */
@NullMarked
package io.balsa.backups;

import org.jspecify.annotations.NullMarked;
