import { currentModel, refresh, server, type Model } from '../api/server';
import { settings } from '../stores/settings';
import { useStore } from '../stores/store';

const states: Record<string, string> = { loaded: 'loaded', loading: 'loading…', unloaded: 'loaded when asked', failed: 'failed to load' };

/** Which model answers, and whether it is in memory. */
export function ModelPicker() {
  const models = useStore(server, (value) => value.models);
  useStore(settings, (value) => value.model);
  const model = currentModel();
  if (!model) return <span class="model" />;
  const state = model.load ? states[model.load] : undefined;
  return (
    <span class="model">
      <span class={`light ${model.load ?? 'loaded'}`} role="img" aria-label={`Model: ${state ?? 'there'}`} title={state} />
      {models.length === 1
        ? <span class="model-name" title={model.id}>{model.id}</span>
        : (
          <select aria-label="Model" value={model.id} onFocus={() => void refresh()}
            onChange={(event) => settings.change({ model: event.currentTarget.value })}>
            {models.map((item) => <option value={item.id} key={item.id}>{label(item)}</option>)}
          </select>
        )}
    </span>
  );
}

const label = (model: Model): string => model.load && model.load !== 'loaded' ? `${model.id} (${states[model.load]})` : model.id;
