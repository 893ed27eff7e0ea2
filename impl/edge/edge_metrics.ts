import { counter, gauge, snakeCase, type MetricCatalogue, type Sample } from '../observe/metric.ts';
import type { TcpCounters } from '../sip/transport_tcp.ts';
import { EDGE_COUNTERS, type EdgeCounters } from './edge_counters.ts';
import type { TrafficCounts } from './traffic_counts.ts';

const counterName = (key: string): string => `voice_edge_${snakeCase(key)}_total`;

/** Every metric of the signaling edge, by name. */
export const EDGE_METRICS: MetricCatalogue = {
  voice_edge_calls_total: counter(
    'INVITEs outside a dialog, by outcome: delivered (with the final code of the answer) or refused; no challenges.',
    'outcome',
    'code',
    'reason',
  ),
  voice_edge_challenges_total: counter(
    'Challenges (407). A stale one asks for a fresh nonce: the password was right.',
    'stale',
  ),
  voice_edge_requests_total: counter('Requests, without retransmissions and ACKs.', 'method'),
  voice_edge_tcp_connection_events_total: counter('What happened to TCP connections.', 'event'),
  voice_edge_cpu_seconds_total: counter('CPU time of the processes that serve SIP.'),
  voice_edge_workers_lost_total: counter('Edge workers that ended unasked.'),
  voice_edge_workers: gauge('Processes that serve SIP.'),
  voice_edge_transactions: gauge('Transactions in memory, with finished ones that absorb retransmissions.'),
  voice_edge_dialogs: gauge('Dialogs in memory, early ones included.'),
  voice_edge_timers: gauge('Running timers.'),
  voice_edge_tcp_connections: gauge('TCP connections, opening and closing ones included.'),
  voice_edge_event_loop_lag_seconds: gauge(
    'How late the event loop that serves SIP is, measured while calls come; with several workers, the most delayed one.',
    'max',
  ),
  voice_edge_resident_memory_bytes: gauge('Resident memory of the processes that serve SIP.'),
  ...Object.fromEntries(
    Object.entries(EDGE_COUNTERS).map(([key, help]) => [counterName(key), counter(help)]),
  ),
};

/** Where an edge's figures are read from. */
export interface EdgeFigures {
  readonly traffic: TrafficCounts;
  readonly counters: Readonly<EdgeCounters>;
  readonly tcp: { readonly connections: number; readonly counters: Readonly<TcpCounters> };
  readonly occupancy: { readonly transactions: number; readonly dialogs: number; readonly timers: number };
  readonly lagMs: number;
  /** CPU time of this process in microseconds, and its resident memory in octets. */
  readonly process: { readonly cpuMicros: number; readonly residentOctets: number };
}

const plain = (name: string, value: number): Sample => ({ name, labels: {}, value });

/** The figures of one edge as samples. */
export function edgeSamples(figures: EdgeFigures): Sample[] {
  const { traffic, counters, tcp, occupancy, lagMs, process } = figures;
  return [
    ...traffic.calls().map(({ outcome, code, reason, count }) => ({
      name: 'voice_edge_calls_total',
      labels: { outcome, code, reason },
      value: count,
    })),
    ...(['first', 'stale'] as const).map((kind) => ({
      name: 'voice_edge_challenges_total',
      labels: { stale: String(kind === 'stale') },
      value: traffic.challenges[kind],
    })),
    ...traffic
      .requests()
      .map(({ method, count }) => ({ name: 'voice_edge_requests_total', labels: { method }, value: count })),
    ...Object.entries(tcp.counters).map(([event, value]) => ({
      name: 'voice_edge_tcp_connection_events_total',
      labels: { event: snakeCase(event) },
      value,
    })),
    ...Object.entries(counters).map(([key, value]) => plain(counterName(key), value)),
    plain('voice_edge_cpu_seconds_total', process.cpuMicros / 1e6),
    plain('voice_edge_workers', 1),
    plain('voice_edge_transactions', occupancy.transactions),
    plain('voice_edge_dialogs', occupancy.dialogs),
    plain('voice_edge_timers', occupancy.timers),
    plain('voice_edge_tcp_connections', tcp.connections),
    plain('voice_edge_event_loop_lag_seconds', lagMs / 1000),
    plain('voice_edge_resident_memory_bytes', process.residentOctets),
  ];
}
