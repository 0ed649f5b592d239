// Words of the trade: what a description of an MR series may say without naming anybody.
#pragma once

#include <string>

namespace dawson::dicom {

/// The text with nothing but words of the trade and measures ("3mm"), as they stood: "t2_flair_tra
/// Meyer 20200131" becomes "t2_flair_tra". Empty where nothing is left.
std::string only_trade_words(const std::string& text);

}  // namespace dawson::dicom
