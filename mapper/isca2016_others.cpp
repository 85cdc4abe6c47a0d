// The dataflows that the paper compares row stationary with. nw, ni, no are filter, ifmap and ofmap words over groups
// and batch; halo_h = (columns under f)/f F/W and halo_v = (rows under e)/e E/H are what overlapping tiles read more
// than once. What falls as a parameter grows, and so what the search may rely on, stands with each.

#include "mapper/isca2016_models.hpp"

namespace eyrie::isca2016 {

namespace {

std::int64_t least_is_one(const Parameters&) { return 1; }
std::int64_t least_is_p(const Parameters& x) { return x.p; }

/// ni halo_v halo_h, times e f.
std::int64_t halo_both(const Sizes& l, const Parameters& x) {
  return l.G * l.N * l.C * l.E * l.rows_under(x.e) * l.F * l.columns_under(x.f);
}
/// Psum accumulations of every ofmap word.
std::int64_t taps(const Sizes& l) { return l.C * l.R * l.S; }

// Weight stationary. r t f: R x S filter planes of r channels and t filters rest in the array, psums of the whole batch
// in the GLB.
//   DRAM nw + ni ceil(M/t) halo_h + no    GLB 2 no (ceil(C/r) R - 1)    RF nw N E F
//   array ni M R S (E/H) (F/W) + no (C R S - ceil(C/r) R)
// Psums in the objective: 8 no R ceil(C/r) + constant, falling in r.
Counts weight_stationary(const Sizes& l, const Parameters& x) {
  const auto per = x.f;
  const auto rounds = ceil_div(l.C, x.r) * l.R;
  const auto halo = l.G * l.N * l.C * l.H * l.F * l.columns_under(x.f);
  return {.per = per,
          .dram_reads = per * l.weights() + halo * ceil_div(l.M, x.t),
          .dram_writes = per * l.outputs(),
          .glb = per * 2 * l.outputs() * (rounds - 1),
          .array_inputs = per * l.macs(),
          .array_psums = per * l.outputs() * (taps(l) - rounds),
          .rf = per * l.macs()};
}

bool weight_stationary_within(const Sizes& l, const Machine& machine, const Parameters& x) {
  const auto columns_beyond_filter = l.columns_under(x.f) - l.columns_under(1);
  return l.N * x.t * l.E * l.F + x.r * x.t * columns_beyond_filter * (l.R - 1) <= machine.glb_words &&
         x.r * x.t * l.R * l.S <= machine.pes && l.N * l.E * l.F <= machine.glb_words;
}

// Output stationary: every psum rests in a PE until it is complete.
//   DRAM nw + ni ceil(M/m) A + no    array nw N E F + ni M R S (E/H) (F/W)    RF 2 no (C R S - 1)
//   GLB of A   nw ceil(N/n) ceil(E/e) ceil(F/f) + ni M A    A = halo_v halo_h
//          B   nw ceil(N/n) E ceil(F/f) + ni ceil(M/p) A    A = R (E/H) halo_h
//          C   nw ceil(N/n) E F + ni ceil(M/p) A            A = R S (E/H) (F/W)
// Every term falls, or stays, as a parameter grows.
Counts output_stationary(const Sizes& l, std::int64_t per, std::int64_t dram_inputs, std::int64_t glb) {
  return {.per = per,
          .dram_reads = per * l.weights() + dram_inputs,
          .dram_writes = per * l.outputs(),
          .glb = glb,
          .array_inputs = per * 2 * l.macs(),
          .rf = per * 2 * l.outputs() * (taps(l) - 1)};
}

Counts output_stationary_a(const Sizes& l, const Parameters& x) {
  const auto per = x.e * x.f, halo = halo_both(l, x);
  const auto passes = ceil_div(l.N, x.n) * ceil_div(l.E, x.e) * ceil_div(l.F, x.f);
  return output_stationary(l, per, halo * ceil_div(l.M, x.m), per * l.weights() * passes + halo * l.M);
}

bool output_stationary_a_within(const Sizes& l, const Machine& machine, const Parameters& x) {
  return x.m * taps(l) + x.n * l.C * l.rows_under(x.e) * l.columns_under(x.f) <= machine.glb_words &&
         x.n * x.e * x.f <= machine.pes;
}

Counts output_stationary_b(const Sizes& l, const Parameters& x) {
  const auto halo = l.G * l.N * l.C * l.E * l.R * l.F * l.columns_under(x.f);
  const auto passes = ceil_div(l.N, x.n) * l.E * ceil_div(l.F, x.f);
  return output_stationary(l, x.f, halo * ceil_div(l.M, x.m), x.f * l.weights() * passes + halo * ceil_div(l.M, x.p));
}

bool output_stationary_b_within(const Sizes& l, const Machine& machine, const Parameters& x) {
  return x.m * taps(l) + x.n * l.C * l.R * l.columns_under(x.f) <= machine.glb_words && x.n * x.p * x.f <= machine.pes;
}

Counts output_stationary_c(const Sizes& l, const Parameters& x) {
  const auto windows = l.G * l.N * l.E * l.F * taps(l);
  const auto passes = ceil_div(l.N, x.n) * l.E * l.F;
  return output_stationary(l, 1, windows * ceil_div(l.M, x.m), l.weights() * passes + windows * ceil_div(l.M, x.p));
}

bool output_stationary_c_within(const Sizes& l, const Machine& machine, const Parameters& x) {
  return (x.m + x.n) * taps(l) <= machine.glb_words && x.n * x.p <= machine.pes;
}

// No local reuse. n m p q e f: p filters x q channels in parallel, all words from the GLB, no RF.
//   DRAM nw ceil(N/n) ceil(E/e) ceil(F/f) + ni ceil(M/m) halo_v halo_h + no
//   GLB  nw N E F + ni ceil(M/p) R S (E/H) (F/W) + 2 no (ceil(C/q) R S - 1)
//   array ni M R S (E/H) (F/W) + no (C R S - ceil(C/q) R S)
// Psums in the objective: 8 no R S ceil(C/q) + constant, falling in q.
Counts no_local_reuse(const Sizes& l, const Parameters& x) {
  const auto per = x.e * x.f;
  const auto rounds = ceil_div(l.C, x.q) * l.R * l.S;
  const auto passes = ceil_div(l.N, x.n) * ceil_div(l.E, x.e) * ceil_div(l.F, x.f);
  const auto windows = l.G * l.N * l.E * l.F * taps(l);
  return {.per = per,
          .dram_reads = per * l.weights() * passes + halo_both(l, x) * ceil_div(l.M, x.m),
          .dram_writes = per * l.outputs(),
          .glb = per * (l.macs() + windows * ceil_div(l.M, x.p) + 2 * l.outputs() * (rounds - 1)),
          .array_inputs = per * l.macs(),
          .array_psums = per * l.outputs() * (taps(l) - rounds)};
}

bool no_local_reuse_within(const Sizes& l, const Machine& machine, const Parameters& x) {
  return x.n * x.q * l.rows_under(x.e) * l.columns_under(x.f) + x.m * x.q * l.R * l.S + x.n * x.m * x.e * x.f <=
             machine.glb_words &&
         x.p * x.q <= machine.pes;
}

}  // namespace

const Model kWeightStationary{.rf_bytes = 2,
                              .glb_bytes_at_256_pes = 342287,
                              .order = "rtf",
                              .least_last = least_is_one,
                              .within = weight_stationary_within,
                              .counts = weight_stationary,
                              .active_pes = [](const Sizes& l, const Parameters& x) { return l.R * l.S * x.r * x.t; }};

const Model kOutputStationaryA{.rf_bytes = 98,
                               .glb_bytes_at_256_pes = 249773,
                               .order = "nefm",
                               .least_last = least_is_one,
                               .within = output_stationary_a_within,
                               .counts = output_stationary_a,
                               .active_pes = [](const Sizes&, const Parameters& x) { return x.n * x.e * x.f; }};

const Model kOutputStationaryB{.rf_bytes = 10,
                               .glb_bytes_at_256_pes = 311128,
                               .order = "nfpm",
                               .least_last = least_is_p,
                               .within = output_stationary_b_within,
                               .counts = output_stationary_b,
                               .active_pes = [](const Sizes&, const Parameters& x) { return x.n * x.p * x.f; }};

const Model kOutputStationaryC{.rf_bytes = 2,
                               .glb_bytes_at_256_pes = 342287,
                               .order = "npm",
                               .least_last = least_is_p,
                               .within = output_stationary_c_within,
                               .counts = output_stationary_c,
                               .active_pes = [](const Sizes&, const Parameters& x) { return x.n * x.p; }};

const Model kNoLocalReuse{.rf_bytes = 0,
                          .glb_bytes_at_256_pes = 346458,
                          .order = "nefqpm",
                          .least_last = least_is_p,
                          .within = no_local_reuse_within,
                          .counts = no_local_reuse,
                          .active_pes = [](const Sizes&, const Parameters& x) { return x.p * x.q; }};

}  // namespace eyrie::isca2016
