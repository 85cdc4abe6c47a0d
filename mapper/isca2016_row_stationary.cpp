#include "mapper/isca2016_models.hpp"

namespace eyrie::isca2016 {

namespace {

// Row stationary. m n f p q r t: a PE set of R x f PEs, p filters and q channels interleaved in each PE, r sets on
// other channels, t on other filters; psums of n images, m filters, E rows and f columns rest in the GLB.
//
//   DRAM   nw ceil(N/n) ceil(F/f) + ni ceil(M/m) halo_h + no
//   GLB    ni ceil(M/(p t)) halo_h + 2 no (ceil(C/(q r)) - 1)
//   array  nw ceil(N/n) F + ni ceil(M/p) S F/W + no (ceil(C/q) S - ceil(C/(q r)))
//   RF     nw N E F + ni M R S (E/H) (F/W) + 2 no (C R S - ceil(C/q) S)
//
// with nw, ni, no the filter, ifmap and ofmap words and halo_h = (columns under f)/f F/W. Large q and r move psums from
// the GLB into the array and from there into the PE; in the objective's weights these terms add up to
// no (2 S ceil(C/q) + 8 ceil(C/(q r))) + constant, which falls in q and r. So the objective falls, or stays, as any
// parameter grows.
Counts row_stationary_counts(const Sizes& l, const Parameters& x) {
  const auto per = x.f;
  const auto plane = l.G * l.N * l.C * l.H;               // ifmap words of one column
  const auto halo = plane * l.F * l.columns_under(x.f);   // ni halo_h, over f
  const auto weights = l.weights() * ceil_div(l.N, x.n);  // filters are read again for every n images
  const auto in_pe = ceil_div(l.C, x.q), in_array = ceil_div(l.C, x.q * x.r);
  return {.per = per,
          .dram_reads = per * weights * ceil_div(l.F, x.f) + halo * ceil_div(l.M, x.m),
          .dram_writes = per * l.outputs(),
          .glb = halo * ceil_div(l.M, x.p * x.t) + per * 2 * l.outputs() * (in_array - 1),
          .array_inputs = per * (weights * l.F + plane * l.F * l.S * ceil_div(l.M, x.p)),
          .array_psums = per * l.outputs() * (in_pe * l.S - in_array),
          .rf = per * 2 * (l.macs() + l.outputs() * (l.C * l.R * l.S - in_pe * l.S))};
}

bool row_stationary_within(const Sizes& l, const Machine& machine, const Parameters& x) {
  return x.n * x.m * l.E * x.f + x.n * x.q * x.r * l.H * l.columns_under(x.f) <= machine.glb_words &&
         l.R * x.f * x.r * x.t <= machine.pes &&                   //
         x.p * x.q * l.R + x.q * l.R + x.p <= machine.rf_words &&  // filter rows, ifmap rows, psums
         x.q * x.r <= l.C;
}

}  // namespace

const Model kRowStationary{.rf_bytes = 512,
                           .glb_bytes_at_256_pes = 131070,
                           .order = "nfqrtpm",
                           .least_last = [](const Parameters& x) { return x.p * x.t; },
                           .within = row_stationary_within,
                           .counts = row_stationary_counts,
                           .active_pes = [](const Sizes& l, const Parameters& x) { return l.R * x.f * x.r * x.t; }};

}  // namespace eyrie::isca2016
