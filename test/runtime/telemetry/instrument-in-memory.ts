import {
  type DataPoint,
  InMemoryMetricExporter,
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { instrument } from '../../../runtime/src/otel.js';

/** Instruments with the real SDK, which exports to memory. */
export function instrumentInMemory() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const instrumentation = instrument({ tracerProvider, meterProvider });
  return {
    instrumentation,
    tracerProvider,
    spans: () => spans.getFinishedSpans(),
    /** Returns the current points of each metric, by its name. */
    async points(): Promise<Record<string, readonly DataPoint<unknown>[]>> {
      const { resourceMetrics } = await reader.collect();
      return Object.fromEntries(
        resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints])),
      );
    },
    async [Symbol.asyncDispose]() {
      instrumentation[Symbol.dispose]();
      await meterProvider.shutdown();
      await tracerProvider.shutdown();
    },
  };
}
