#include "mapper/isca2016_models.hpp"

#include "base/ensure.hpp"

namespace eyrie::isca2016 {

Sizes::Sizes(const LayerNest& layer)
    : G{layer.extent[Dim::G]},
      N{layer.extent[Dim::N]},
      M{layer.extent[Dim::M]},
      C{layer.extent[Dim::C]},
      E{layer.extent[Dim::P]},
      F{layer.extent[Dim::Q]},
      R{layer.extent[Dim::R]},
      S{layer.extent[Dim::S]},
      stride{layer.stride},
      dilation{layer.dilation},
      H{rows_under(E)} {}

std::int64_t Parameters::*member_of(char letter) {
  switch (letter) {
    case 'n':
      return &Parameters::n;
    case 'm':
      return &Parameters::m;
    case 'e':
      return &Parameters::e;
    case 'f':
      return &Parameters::f;
    case 'p':
      return &Parameters::p;
    case 'q':
      return &Parameters::q;
    case 'r':
      return &Parameters::r;
    default:
      ensure(letter == 't', "a parameter is one of n m e f p q r t");
      return &Parameters::t;
  }
}

std::int64_t bound_of(char letter, const Sizes& l) {
  switch (letter) {
    case 'n':
      return l.N;
    case 'e':
      return l.E;
    case 'f':
      return l.F;
    case 'q':
    case 'r':
      return l.C;
    default:
      return l.M;
  }
}

const Model& model_of(Dataflow d) {
  switch (d) {
    using enum Dataflow;
    case WeightStationary:
      return kWeightStationary;
    case OutputStationaryA:
      return kOutputStationaryA;
    case OutputStationaryB:
      return kOutputStationaryB;
    case OutputStationaryC:
      return kOutputStationaryC;
    case NoLocalReuse:
      return kNoLocalReuse;
    default:
      return kRowStationary;
  }
}

}  // namespace eyrie::isca2016
