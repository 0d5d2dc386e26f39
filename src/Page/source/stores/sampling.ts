import { samplingFields, type SamplingName, type Settings } from './settings';

export const isSet = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/** The sampling values after a field was edited: an empty one means the server's default, one out of range is brought into it. */
export function withField(settings: Settings, name: SamplingName, text: string): Partial<Record<SamplingName, number>> {
  const sampling = { ...settings.sampling };
  const field = samplingFields.find((item) => item.name === name)!;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    delete sampling[name];
  } else {
    const whole = field.step === 1 ? Math.round(value) : value;
    sampling[name] = Math.min(Math.max(whole, field.min ?? -Infinity), field.max ?? Infinity);
  }
  return sampling;
}
