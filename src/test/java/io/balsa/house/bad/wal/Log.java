package io.balsa.house.bad.wal;

import java.nio.channels.FileChannel;

/** Writes past the {@code Disk}, where the simulator cannot lose its bytes. */
record Log(FileChannel file) {}
