#pragma once

// Unstructured pruning and weight sharing: filters become zero, or one of few values. Sources: Han et al., NIPS 2015
// (pruning by magnitude); Deep Compression, ICLR 2016 (sharing by k-means).

#include <cstdint>
#include <span>

#include "workloads/compression/compression.hpp"
#include "workloads/model.hpp"

namespace eyrie {

/// llround(share x n) words of the least magnitude become zero; of equal ones those that stand first.
void prune(std::span<std::int16_t> words, double share);

/// Words become the nearest of 2^bits values at most, means of clusters found by Lloyd's iterations from values at
/// equal distances between the least and the greatest. If there are zeros they stay, and are one of the values. Words
/// that are few enough stay as they are.
void share_values(std::span<std::int16_t> words, std::int64_t bits);

/// Are these 2^bits different words at most?
bool few_values(std::span<const std::int16_t> words, std::int64_t bits);

/// Pruning and sharing of a model's parameters, real ones or integers: those of NAME/weight. Magnitudes of integers
/// count with their scales. Biases stay. InputError for a layer that has no filters.
void prune(Model&, const Pruning&);
void share_weights(Model&, const WeightSharing&);

}  // namespace eyrie
