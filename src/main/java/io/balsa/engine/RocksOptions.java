package io.balsa.engine;

import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.WriteOptions;

/**
 * RocksDB's settings: little memory, quick opening, no log of its own, one column family (several
 * would need atomic flush when there is no log).
 */
final class RocksOptions implements AutoCloseable {
  private static final long MIB = 1 << 20;

  private final Cache cache = new LRUCache(64 * MIB);
  private final BloomFilter bloom = new BloomFilter(10);

  final Options open = new Options();
  final WriteOptions write = new WriteOptions().setDisableWAL(true);
  final ReadOptions read = new ReadOptions();
  final FlushOptions flush = new FlushOptions().setWaitForFlush(true);

  RocksOptions() {
    open.setCreateIfMissing(true)
        .setTableFormatConfig(tables())
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
    boundMemory();
    openQuickly();
    beQuiet();
  }

  private BlockBasedTableConfig tables() {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(8 * 1024)
        .setCacheIndexAndFilterBlocks(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setIndexType(IndexType.kBinarySearch)
        .setFilterPolicy(bloom)
        .setFormatVersion(6);
  }

  private void boundMemory() {
    open.setWriteBufferSize(20 * MIB)
        .setMaxWriteBufferNumber(3)
        .setAllowConcurrentMemtableWrite(false)
        .setMaxBackgroundJobs(2)
        .setTargetFileSizeBase(32 * MIB)
        .setMaxBytesForLevelBase(128 * MIB)
        .setLevelCompactionDynamicLevelBytes(true);
  }

  private void openQuickly() {
    open.setMaxOpenFiles(512)
        .setSkipStatsUpdateOnDbOpen(true)
        .setSkipCheckingSstFileSizesOnDbOpen(true)
        .setAvoidFlushDuringShutdown(true);
  }

  private void beQuiet() {
    open.setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(MIB)
        .setMaxManifestFileSize(16 * MIB)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  @Override
  public void close() {
    List.of(flush, read, write, open, bloom, cache).forEach(AbstractNativeReference::close);
  }
}
