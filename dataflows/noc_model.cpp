#include "dataflows/noc_model.hpp"

#include <algorithm>
#include <cstdlib>

namespace eyrie {

namespace {

double d(std::int64_t n) { return static_cast<double>(n); }

std::int64_t pes(const NocShape& s) { return s.rows * s.columns; }

/// Flits that cross the busiest channel of a line of n under uniform traffic, for one that each node sends: i nodes
/// before the channel send a share of (n - i) / n across it, and with rows first every node of the line counts once.
double uniform_load(std::int64_t n) {
  double most = 0;
  for (std::int64_t i = 1; i < n; ++i) most = std::max(most, d(i * (n - i)) / d(n));
  return most;
}

/// Flits over the busiest channel or port of a mesh while each sender injects one.
double mesh_load(NocPattern p, const NocShape& s) {
  switch (p) {
    case NocPattern::Uniform:
      return std::max({1.0, uniform_load(s.columns), uniform_load(s.rows)});
    case NocPattern::Transpose:
      return d(s.rows - 1);  // the last channel of the last row: all PEs before it
    case NocPattern::OneSink:
      return d(pes(s) - 1);
    case NocPattern::Neighbour:
    case NocPattern::OneSource:
      break;
  }
  return 1;
}

/// Does a pattern make sense on this shape?
bool possible(NocPattern p, const NocShape& s) {
  return senders(p, s) > 0 && (p != NocPattern::Transpose || s.rows == s.columns);
}

}  // namespace

std::optional<Cycles> zero_load_latency(NocKind kind, const NocShape& s, NocPlace from, NocPlace to) {
  switch (kind) {
    case NocKind::Bus:
    case NocKind::Broadcast:
    case NocKind::Multicast:
    case NocKind::Unicast:
      return s.latency;
    case NocKind::Mesh:
      return s.latency + Cycles{std::abs(from.row - to.row) + std::abs(from.column - to.column)};
    case NocKind::Systolic:
      if (from.column != 0 || from.row != to.row) return std::nullopt;
      return s.latency + Cycles{to.column};
    case NocKind::Links:
      if (from.column != to.column || from.row != to.row + 1) return std::nullopt;
      return s.latency;
    case NocKind::AdderTree:
      break;
  }
  return std::nullopt;
}

std::int64_t senders(NocPattern p, const NocShape& s) {
  switch (p) {
    case NocPattern::Neighbour:
      return s.rows * (s.columns - 1);
    case NocPattern::Transpose:
      return pes(s) - std::min(s.rows, s.columns);
    case NocPattern::Uniform:
      return pes(s);
    case NocPattern::OneSink:
      return pes(s) - 1;
    case NocPattern::OneSource:
      return pes(s) > 1 ? 1 : 0;
  }
  return 0;
}

std::optional<double> saturation_bandwidth(NocKind kind, NocPattern p, const NocShape& s) {
  if (!possible(p, s)) return std::nullopt;
  switch (kind) {
    case NocKind::Bus:
    case NocKind::Broadcast:
    case NocKind::Multicast:
      return 1.0 / d(senders(p, s));
    case NocKind::Unicast:
      return p == NocPattern::OneSink ? 1.0 / d(senders(p, s)) : 1.0;
    case NocKind::Mesh:
      return 1.0 / mesh_load(p, s);
    case NocKind::Systolic:
      if (p != NocPattern::OneSource || s.rows != 1) return std::nullopt;
      return 1.0;
    case NocKind::Links:
    case NocKind::AdderTree:
      break;
  }
  return std::nullopt;
}

Cycles credit_round_trip(NocKind kind, const NocShape& s) {
  return (kind == NocKind::Mesh ? Cycles{1} : s.latency) + s.credit;
}

double credit_bandwidth(std::int64_t fifo, Cycles round_trip) { return std::min(1.0, d(fifo) / d(round_trip.count())); }

}  // namespace eyrie
