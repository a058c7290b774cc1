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
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WriteOptions;

/**
 * RocksDB's settings: little memory, quick opening, no log of its own, one column family (several
 * would need atomic flush when there is no log).
 */
final class RocksOptions implements AutoCloseable {
  private static final long MIB = 1 << 20;

  /** A file is compacted when half of so many consecutive entries are deletions. */
  private static final long DELETIONS_WINDOW = 10_000;

  /**
   * The cache has four parts. A part must be larger than the largest value, or that value is never
   * kept.
   */
  private final Cache cache = new LRUCache(64 * MIB, 2);

  private final BloomFilter bloom = new BloomFilter(10);

  /**
   * Files with many deletions close together are compacted soon. So forgotten history gives back
   * its space, also where nothing is written any more.
   */
  private final TablePropertiesCollectorFactory deletions =
      TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
          DELETIONS_WINDOW, DELETIONS_WINDOW / 2, 0.5);

  final Options open = new Options();
  final WriteOptions write = new WriteOptions().setDisableWAL(true);
  final ReadOptions read = new ReadOptions();
  final FlushOptions flush = new FlushOptions().setWaitForFlush(true);

  /**
   * The settings.
   *
   * @param openFilesMax how many files the store may keep open
   */
  RocksOptions(int openFilesMax) {
    open.setCreateIfMissing(true)
        .setTableFormatConfig(tables())
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
    boundMemory();
    openQuickly(openFilesMax);
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
    open.setTablePropertiesCollectorFactory(List.of(deletions));
  }

  private void openQuickly(int openFilesMax) {
    open.setMaxOpenFiles(openFilesMax)
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
    List.of(flush, read, write, open, deletions, bloom, cache)
        .forEach(AbstractNativeReference::close);
  }
}
