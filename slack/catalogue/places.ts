/** Where AWS's regions are, as its console calls them; a region that is not listed goes by its code. */
const PLACES: Readonly<Record<string, readonly [english: string, japanese: string]>> = {
  'us-east-1': ['N. Virginia', 'バージニア北部'],
  'us-east-2': ['Ohio', 'オハイオ'],
  'us-west-1': ['N. California', '北カリフォルニア'],
  'us-west-2': ['Oregon', 'オレゴン'],
  'us-gov-east-1': ['US-East', '米国東部'],
  'us-gov-west-1': ['US-West', '米国西部'],
  'ca-central-1': ['Canada Central', 'カナダ中部'],
  'ca-west-1': ['Calgary', 'カルガリー'],
  'mx-central-1': ['Mexico', 'メキシコ'],
  'sa-east-1': ['São Paulo', 'サンパウロ'],
  'eu-west-1': ['Ireland', 'アイルランド'],
  'eu-west-2': ['London', 'ロンドン'],
  'eu-west-3': ['Paris', 'パリ'],
  'eu-central-1': ['Frankfurt', 'フランクフルト'],
  'eu-central-2': ['Zurich', 'チューリッヒ'],
  'eu-north-1': ['Stockholm', 'ストックホルム'],
  'eu-south-1': ['Milan', 'ミラノ'],
  'eu-south-2': ['Spain', 'スペイン'],
  'af-south-1': ['Cape Town', 'ケープタウン'],
  'il-central-1': ['Tel Aviv', 'テルアビブ'],
  'me-central-1': ['UAE', 'アラブ首長国連邦'],
  'me-south-1': ['Bahrain', 'バーレーン'],
  'ap-east-1': ['Hong Kong', '香港'],
  'ap-northeast-1': ['Tokyo', '東京'],
  'ap-northeast-2': ['Seoul', 'ソウル'],
  'ap-northeast-3': ['Osaka', '大阪'],
  'ap-south-1': ['Mumbai', 'ムンバイ'],
  'ap-south-2': ['Hyderabad', 'ハイデラバード'],
  'ap-southeast-1': ['Singapore', 'シンガポール'],
  'ap-southeast-2': ['Sydney', 'シドニー'],
  'ap-southeast-3': ['Jakarta', 'ジャカルタ'],
  'ap-southeast-4': ['Melbourne', 'メルボルン'],
  'ap-southeast-5': ['Malaysia', 'マレーシア'],
  'ap-southeast-7': ['Thailand', 'タイ'],
};

const placeIn =
  (language: 0 | 1) =>
  (region: string): string =>
    Object.hasOwn(PLACES, region) ? (PLACES[region]?.[language] ?? region) : region;

export const englishPlace = placeIn(0);
export const japanesePlace = placeIn(1);
