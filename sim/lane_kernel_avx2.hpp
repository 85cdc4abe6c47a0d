#pragma once

#include "sim/lane_kernel.hpp"

namespace eyrie::sim::avx2 {

// For processors with AVX2; modes but Plain.
void sum_taps(LaneMode, const TapRun&);
void sum_filters(LaneMode, const FilterRun&);
std::int32_t dot(LaneMode, const std::int16_t* input, const std::int16_t* weight, std::int64_t n, int shift);

}  // namespace eyrie::sim::avx2
