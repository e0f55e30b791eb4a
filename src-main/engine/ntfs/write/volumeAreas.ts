import { region, type Region } from './clusterAllocator';
import { clustersFor, INDEX_BLOCK_SIZE, type Geometry } from './geometry';
import { IndexPlan, smallRootSize } from './indexPlan';
import { UPCASE_SIZE } from './systemValues';
import type { ViewIndex } from './viewIndexes';

/** Where Windows puts $MFT on large volumes. */
const MFT_OFFSET = 3 * 1024 ** 3;
/** Part of the volume that Windows keeps free behind $MFT for its growth. */
const ZONE_DIVISOR = 8;
/** View indexes up to this size of entries lie in $INDEX_ROOT. */
const VIEW_ROOT_LIMIT = 200;
/** Bitmaps of view indexes up to this size lie in records. */
const BITMAP_LIMIT = 128;
const ATTRIBUTE_DEFINITIONS_SIZE = 2560;

/** A run of clusters with one purpose. */
export interface Area {
  readonly start: number;
  readonly clusters: number;
}

/** What is put on a volume, as far as the sizes of its areas depend on it. */
export interface AreaSizes {
  readonly records: number;
  readonly securitySize: number;
  readonly views: readonly ViewIndex[];
  readonly valueClusters: number;
  readonly indexClusters: number;
  readonly dataClusters: number;
}

/** A view index that lies in blocks. */
export interface ViewPlace {
  readonly view: ViewIndex;
  readonly plan: IndexPlan;
  readonly area: Area;
  /** Of its $BITMAP, when that does not lie in the record. */
  readonly bitmap: Area | undefined;
}

/**
 * Where everything lies. $Boot and $MFTMirr at the start, as Windows has them; the other files of the system in one
 * piece around $MFT, which lies at a third of the volume, or at 3 GiB; behind it the zone for its growth.
 */
export class VolumeAreas {
  readonly boot: Area;
  readonly mirror: Area;
  readonly logFile: Area;
  readonly bitmap: Area;
  readonly mftBitmap: Area;
  readonly definitions: Area;
  readonly upcase: Area;
  readonly security: Area;
  readonly viewPlaces: ViewPlace[];
  readonly values: Area;
  readonly indexes: Area;
  readonly mft: Area;
  /** All of the above. */
  readonly systemClusters: number;
  /** The part around $MFT. */
  readonly system: Area;
  /** What holds data, once it is known. */
  data: readonly Region[] = [];

  constructor(
    private readonly geometry: Geometry,
    private readonly sizes: AreaSizes,
  ) {
    const front = geometry.bootClusters + geometry.mirrorClusters;
    const parts = this.partSizes();
    const total = parts.reduce((sum, clusters) => sum + clusters, 0);
    const start = this.systemStart(front, total);
    let next = start;
    const take = (clusters: number): Area => {
      const area = { start: next, clusters };
      next += clusters;
      return area;
    };
    this.boot = { start: 0, clusters: geometry.bootClusters };
    this.mirror = { start: geometry.bootClusters, clusters: geometry.mirrorClusters };
    const [log, bitmap, mftBitmap, definitions, upcase, security, values, indexes, mft] = parts;
    this.logFile = take(log);
    this.definitions = take(definitions);
    this.upcase = take(upcase);
    this.security = take(security);
    const inBlocks = sizes.views.filter((view) => !isSmallView(view));
    this.viewPlaces = inBlocks.map((view) => {
      const plan = new IndexPlan(view.entries);
      const area = take(clustersFor(geometry, plan.blocks * INDEX_BLOCK_SIZE));
      const bitmap = bitmapClusters(geometry, plan);
      return { view, plan, area, bitmap: bitmap === 0 ? undefined : take(bitmap) };
    });
    this.values = take(values);
    this.indexes = take(indexes);
    this.bitmap = take(bitmap);
    this.mftBitmap = take(mftBitmap);
    this.mft = take(mft);
    this.systemClusters = front + total;
    this.system = { start, clusters: total };
  }

  viewPlace(view: ViewIndex): ViewPlace | undefined {
    return this.viewPlaces.find((place) => place.view === view);
  }

  /** Puts an index in the place of one that has at least as many entries. */
  replaceView(old: ViewIndex, view: ViewIndex): void {
    const at = this.viewPlaces.findIndex((place) => place.view === old);
    if (at >= 0) this.viewPlaces[at] = { ...this.viewPlaces[at], view, plan: new IndexPlan(view.entries) };
  }

  /** Bytes of $MFT's bitmap: whole units of 8. */
  get mftBitmapSize(): number {
    return Math.ceil(this.sizes.records / 64) * 8;
  }
  /** Bytes of $Bitmap: whole units of 8. */
  get bitmapSize(): number {
    return Math.ceil(this.geometry.clusters / 64) * 8;
  }

  /** What data may take, in the order of preference: before the system's part, behind the zone, and then the zone. */
  dataRegions(needed: number): Region[] {
    const { geometry, system } = this;
    const front = this.boot.clusters + this.mirror.clusters;
    const end = system.start + system.clusters;
    const before = system.start - front;
    const behind = geometry.clusters - end;
    const spare = Math.max(before + behind - needed, 0);
    const zone = Math.min(Math.floor(geometry.clusters / ZONE_DIVISOR), spare, Math.max(behind, 0));
    return [region(front, system.start), region(end + zone, geometry.clusters), region(end, end + zone)];
  }

  /** Used clusters as pieces, in order: start and end of each. */
  usedRanges(): [start: number, end: number][] {
    const { system } = this;
    const ranges: [number, number][] = [
      [0, this.boot.clusters + this.mirror.clusters],
      [system.start, system.start + system.clusters],
      ...this.data.map(({ start, next }): [number, number] => [start, next]),
    ];
    return ranges.sort((a, b) => a[0] - b[0]);
  }

  private partSizes(): number[] {
    const { geometry, sizes } = this;
    const inClusters = (bytes: number): number => clustersFor(geometry, bytes);
    return [
      inClusters(geometry.logSize),
      inClusters(this.bitmapSize),
      inClusters(this.mftBitmapSize),
      inClusters(ATTRIBUTE_DEFINITIONS_SIZE),
      inClusters(UPCASE_SIZE),
      inClusters(sizes.securitySize),
      sizes.valueClusters,
      sizes.indexClusters,
      inClusters(sizes.records * geometry.recordSize),
      ...sizes.views
        .filter((view) => !isSmallView(view))
        .map((view) => new IndexPlan(view.entries))
        .map((plan) => inClusters(plan.blocks * INDEX_BLOCK_SIZE) + bitmapClusters(geometry, plan)),
    ];
  }

  private systemStart(front: number, total: number): number {
    const { clusters, clusterSize } = this.geometry;
    const wanted = Math.max(Math.min(Math.floor(clusters / 3), Math.floor(MFT_OFFSET / clusterSize)), front);
    // What does not fit behind there begins as far forward as it must.
    return wanted + total <= clusters ? wanted : Math.max(Math.min(wanted, clusters - total), front);
  }
}

/** Clusters of the $BITMAP of a view index, 0 for one that lies in the record. */
function bitmapClusters(geometry: Geometry, plan: IndexPlan): number {
  return plan.bitmapSize > BITMAP_LIMIT ? clustersFor(geometry, plan.bitmapSize) : 0;
}

/** Whether an index of the system lies in $INDEX_ROOT. */
export function isSmallView({ entries }: ViewIndex): boolean {
  let size = 0;
  for (let i = 0; i < entries.count && size <= VIEW_ROOT_LIMIT; i++) size += entries.size(i);
  return smallRootSize(size) <= VIEW_ROOT_LIMIT + smallRootSize(0);
}
